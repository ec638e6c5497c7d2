const fc = require('fast-check')

// A desk meets other inputs each time. CI takes the same, so that what it refuses is what was changed: SEED, see .ci/run.
if (process.env.SEED) fc.configureGlobal({ seed: Number(process.env.SEED) })
