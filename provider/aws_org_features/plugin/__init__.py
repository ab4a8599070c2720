"""The second edge: the native provider, which speaks Pulumi's protocol by gRPC. Only this folder knows gRPC.

It translates, and decides nothing: what a call of the engine does is in the folders below.
"""
