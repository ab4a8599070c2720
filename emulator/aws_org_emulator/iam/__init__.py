"""IAM as far as this emulator enforces it: who is calling, and what their policies let them do."""
