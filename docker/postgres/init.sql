-- The platform's user and database. The empty template is for kanit: it migrates it once, and clones it for each experiment.
\getenv password KANIT_DATABASE_PASSWORD
CREATE ROLE spark LOGIN PASSWORD :'password';
CREATE DATABASE spark OWNER spark;
CREATE DATABASE spark_template OWNER spark;
