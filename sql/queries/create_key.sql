insert into api_key (id, name, role, key_hash, last4, expires_at)
values (%(id)s, %(name)s, %(role)s, %(key_hash)s, %(last4)s, %(expires_at)s)
returning id, name, role, created_at, expires_at, revoked_at;
