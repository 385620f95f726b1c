/**
 * The few tones in which the panel speaks of a state. A tone is never the only sign: words and an icon stand beside it.
 * quiet: nothing to do · coming: will sound · sounding: sounds now · good: proven well · attention: somebody should
 * look · alarm: an emergency, and nothing else · drill: never to be taken for one.
 */
export type Tone = 'quiet' | 'coming' | 'sounding' | 'good' | 'attention' | 'alarm' | 'drill';
