// A whole migration with the AWS SDK for JavaScript: node migrate.mjs ENDPOINT MANAGEMENT OWNER...
import * as sdk from "@aws-sdk/client-organizations";

const [endpoint, management, ...owners] = process.argv.slice(2);
const of = (account) =>
  new sdk.OrganizationsClient({
    endpoint,
    region: "us-east-1",
    maxAttempts: 1,
    credentials: { accessKeyId: `EMULATOR${account}`, secretAccessKey: "emulated" },
  });

const manager = of(management);
const { Handshake: parent } = await manager.send(new sdk.EnableAllFeaturesCommand({}));
const early = await manager
  .send(new sdk.AcceptHandshakeCommand({ HandshakeId: parent.Id }))
  .catch((error) => error.name);

for (const owner of owners) {
  const client = of(owner);
  for await (const page of sdk.paginateListHandshakesForAccount({ client }, {})) {
    for (const { Id: HandshakeId } of page.Handshakes) {
      await client.send(new sdk.AcceptHandshakeCommand({ HandshakeId }));
    }
  }
}

const { Handshake: finished } = await manager.send(
  new sdk.AcceptHandshakeCommand({ HandshakeId: parent.Id }),
);
const again = await manager.send(new sdk.EnableAllFeaturesCommand({})).catch((error) => error);
const { Organization } = await manager.send(new sdk.DescribeOrganizationCommand({}));
console.log(
  JSON.stringify({
    early,
    state: finished.State,
    expires: finished.ExpirationTimestamp.getTime() > Date.now(),
    reason: again.Reason,
    featureSet: Organization.FeatureSet,
  }),
);
