"""The texts of organizations' policies: what AWS accepts, and what several come to together."""
