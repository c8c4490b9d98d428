# kanit itself, from its package. In a checkout:
#   npm pack --ignore-scripts=false --pack-destination image/
#   docker build --file docker/kanit.Dockerfile --tag kanit image/
#   docker run --rm --volume "$PWD:/work" --user "$(id -u)" kanit start
FROM node:24-bookworm-slim
# tini ends what a lab's guards leave to the first process of the container.
RUN apt-get update && apt-get install -y --no-install-recommends pgbouncer tini && apt-get clean && rm -rf /var/lib/apt/lists/*
COPY kanit-*.tgz /opt/kanit.tgz
RUN npm install --global --prefix /usr/local --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error /opt/kanit.tgz \
 && rm -rf /opt/kanit.tgz /root/.npm && kanit --version
ENV NODE_NO_WARNINGS=1
RUN mkdir /work && chown node /work
# Postgres refuses root, and nothing here needs it.
USER node
WORKDIR /work
ENTRYPOINT ["tini", "--", "kanit"]
CMD ["start"]
