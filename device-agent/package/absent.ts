/** Stands in the package for what is loaded and never used there; whoever uses it all the same is told so by the engine. */
export {};
