"""What the Makefile calls: set-up, engine, local stack, documentation. No part of the distribution."""
