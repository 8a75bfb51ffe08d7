# msbom as an image: `docker build -t msbom .`, then `docker run --rm --network none -v "$PWD:/work:ro" msbom scan .`
FROM node:22-slim AS build
WORKDIR /src
COPY . .
RUN npm ci --ignore-scripts && npm pack --pack-destination /tmp

FROM node:22-slim
COPY --from=build /tmp/msbom-*.tgz /tmp/
RUN npm install --global --ignore-scripts /tmp/msbom-*.tgz && rm /tmp/msbom-*.tgz && npm cache clean --force
USER node
WORKDIR /work
ENTRYPOINT ["msbom"]
CMD ["--help"]
