select id from audit_log order by id desc limit 1;
