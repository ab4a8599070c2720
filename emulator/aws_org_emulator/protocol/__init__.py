"""What requests and errors look like, by botocore's models: before anything is known of organizations."""
