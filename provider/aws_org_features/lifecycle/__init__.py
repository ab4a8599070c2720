"""What the engine asks of each resource, and how it is answered. Knows neither Pulumi nor gRPC."""
