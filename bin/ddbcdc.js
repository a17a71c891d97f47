#!/usr/bin/env node
// The SDK's notice about Node 20 would stand between a user and the result; the package states its own range.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const { main } = await import('../dist/cli.js');
await main(process);
