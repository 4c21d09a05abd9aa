-- What the cluster keeps once.
CREATE TABLE IF NOT EXISTS presence_fact (
  name VARCHAR(64) PRIMARY KEY,
  fact VARCHAR(1024) NOT NULL
);
