"""The shapes of requests and answers: what is accepted, what is refused, what OpenAPI publishes."""
