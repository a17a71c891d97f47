import type { Infer } from './change.js';
import { defineModel } from './define-model.js';
import { int32, string } from './kinds/scalars.js';

/** The reference's model: `Id` (N), `EntityType` (S), `Message` (S), each required. */
export const sampleModel = /* @__PURE__ */ defineModel(
  {
    id: /* @__PURE__ */ int32('Id'),
    entityType: /* @__PURE__ */ string('EntityType'),
    message: /* @__PURE__ */ string('Message'),
  },
  { name: 'SampleModel' },
);

export type SampleModel = Infer<typeof sampleModel>;
