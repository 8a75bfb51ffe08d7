/** Of a file alone nothing more is known than that it is of the subject. */
export const ofSubject = () => ({ model: 'model', nearness: 3, isOfPart: false });
