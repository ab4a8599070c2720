"""Approving on behalf of member accounts, in a session of a role in each of them."""
