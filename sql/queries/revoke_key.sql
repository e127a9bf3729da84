update api_key set revoked_at = now() where id = %(id)s and revoked_at is null;
