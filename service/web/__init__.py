"""The web: API, pages, schemas. The only package that imports flask and marshmallow."""
