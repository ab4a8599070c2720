"""An AWS Organizations that runs on a laptop: moto's, plus handshakes and what real AWS enforces."""
