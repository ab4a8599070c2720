"""What the Makefile calls: set-up, the engine, and the local stack. No part of the distribution."""
