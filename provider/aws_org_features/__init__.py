"""Pulumi resources that declare how an AWS organization's features should be."""
