/** Property tests draw the same examples each time; HEADLIGHT_SEED draws others. */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['HEADLIGHT_SEED'] ?? 1) });
