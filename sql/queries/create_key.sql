insert into api_key (id, name, role, key_hash, last4, expires_at, account_id)
values (%(id)s, %(name)s, %(role)s, %(key_hash)s, %(last4)s, %(expires_at)s, %(account_id)s)
returning id, name, role, created_at, expires_at, revoked_at, account_id;
