"""The rules of organizations, over moto's backend."""
