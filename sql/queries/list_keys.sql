select id, name, role, created_at, expires_at, revoked_at, account_id from api_key order by created_at, id;
