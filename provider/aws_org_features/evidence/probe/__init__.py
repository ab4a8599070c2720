"""The probe of a sandbox: its steps as data, what comes next, and whom it refuses. No AWS in here.

Two accounts that nobody needs are enough: one makes an organization, the other becomes its member. What a
run has done is a `State`, so that another run goes on where this one was killed: a write that may have been
done is asked for again, and AWS's refusal of the second time tells that it was. What was done is undone in
reverse.
"""
