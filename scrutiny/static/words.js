// Scripts have no words of their own: the page hands them over, in its language, in data attributes. `{at}` and its like are filled in here.
export const filled = (sentence, gaps) => sentence.replace(/\{(\w+)\}/g, (gap, name) => gaps[name] ?? gap);
