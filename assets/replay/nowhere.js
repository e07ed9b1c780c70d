// Stands in a replay where the app has its server: a replay asks nobody.

export const serverSource = () => {
  throw new Error("A replay has no server.");
};
