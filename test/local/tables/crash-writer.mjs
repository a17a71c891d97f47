// Writes to a data folder until it is killed: argv is the compiled open.js, the folder and a prefix for values.
// Each acknowledged write is one line on stdout, `id value` or `id -` for a removal.
import { pathToFileURL } from 'node:url';

const [openModule, dataDir, round] = process.argv.slice(2);
const { openDataServices } = await import(pathToFileURL(openModule).href);
const { dynamodb, admin } = await openDataServices({
  dataDir,
  region: 'us-east-1',
  accountId: '123456789012',
  now: Date.now,
  log: (line) => process.stderr.write(`${line}\n`),
});

function call(service, operation, body) {
  return service.handle({
    operation,
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.from(JSON.stringify(body)),
    signal: new AbortController().signal,
  });
}

async function createTable() {
  try {
    await call(dynamodb, 'CreateTable', {
      TableName: 'Crash',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'Id', AttributeType: 'N' }],
      KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
  } catch (error) {
    if (error.type !== 'ResourceInUseException') throw error;
  }
}

// Each worker has its own ids, so the order of its lines is the order of its writes.
async function work(worker) {
  for (let n = 0; ; n++) {
    const id = String(worker * 1000 + (n % 20));
    if (n % 7 === 6) {
      await call(dynamodb, 'DeleteItem', { TableName: 'Crash', Key: { Id: { N: id } } });
      process.stdout.write(`${id} -\n`);
    } else {
      const value = `${round}.${n}`;
      await call(dynamodb, 'PutItem', { TableName: 'Crash', Item: { Id: { N: id }, V: { S: value } } });
      process.stdout.write(`${id} ${value}\n`);
    }
    if (worker === 0 && n % 50 === 0) await call(admin, 'RollShards', { TableName: 'Crash' });
  }
}

await createTable();
for (let worker = 0; worker < 8; worker++) void work(worker);
