"""The operations of Organizations, IAM and STS, by what they are about: parameters in, answers out."""
