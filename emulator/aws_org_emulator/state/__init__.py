"""The emulator's own state, besides moto's."""
