# pgBouncer of Debian, pooling as the local lab's does: one configuration, one test that compares the two.
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends pgbouncer && apt-get clean && rm -rf /var/lib/apt/lists/* \
 && useradd --system --no-create-home --uid 10001 pooler
COPY docker/pgbouncer/pgbouncer.ini /etc/kanit/
COPY docker/pgbouncer/lead-to.sh docker/pgbouncer/start.sh /usr/local/bin/
USER pooler
EXPOSE 6432
HEALTHCHECK --interval=2s --timeout=2s --retries=15 CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/6432"]
ENTRYPOINT ["start.sh"]
