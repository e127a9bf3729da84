select id, name, role, created_at, expires_at, revoked_at from api_key where key_hash = %(key_hash)s;
