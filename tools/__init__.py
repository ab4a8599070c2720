"""The Makefile's programs: set-up, engine, local stack, documentation. No part of the distribution."""
