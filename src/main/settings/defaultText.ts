/// <reference types="vite/client" />
import text from '../../../resources/default-settings.toml?raw';

/** What a new `warmwire.toml` says: the demo links, and real venues switched off. */
export const DEFAULT_SETTINGS_TEXT: string = text;
