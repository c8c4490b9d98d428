# What the lab needs beside a fault proxy, in the proxy's own network: see docker/main.ts.
FROM node:24-bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends iproute2 && apt-get clean && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production NODE_NO_WARNINGS=1
WORKDIR /kanit/docker
COPY package.json ../
COPY core ../core
COPY docker/*.ts docker/links.json ./
COPY docker/http-ok.sh /usr/local/bin/http-ok.sh
USER node
EXPOSE 8476
HEALTHCHECK --interval=2s --timeout=2s --retries=15 CMD ["http-ok.sh", "8476", "/health"]
ENTRYPOINT ["node", "main.ts"]
