/** The live map's words in English, by their Chinese. */
export default {
};
