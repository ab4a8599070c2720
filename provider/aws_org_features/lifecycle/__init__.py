"""The engine's calls to each resource, and their answers. Knows neither Pulumi nor gRPC."""
