select key from incoming group by key having count(*) > 1 order by key limit 1;
