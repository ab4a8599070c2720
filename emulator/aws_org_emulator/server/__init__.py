"""HTTP: what a request goes through, and how other processes steer an emulator."""
