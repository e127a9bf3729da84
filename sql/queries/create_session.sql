insert into session (token_hash, account_id, expires_at) values (%(token_hash)s, %(account_id)s, %(expires_at)s);
