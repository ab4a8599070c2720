"""Forms of requests and errors, by botocore's models: before anything is known of organizations."""
