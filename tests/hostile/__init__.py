"""Data that means harm, wherever it is shown, and data of any shape, wherever it is read."""
