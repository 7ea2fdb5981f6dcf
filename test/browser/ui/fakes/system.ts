import type { SystemService } from "../../../../src/ui/services/system-service.ts";
import type { FakeState } from "./state.ts";

export function fakeSystem(fakes: FakeState): SystemService {
  return {
    version: "0.1.0",
    locale: fakes.locale,
    setLocale: async (locale) => {
      fakes.note(`locale ${locale}`);
      fakes.locale.set(locale);
    },
    theme: fakes.theme,
    setTheme: async (theme) => {
      fakes.note(`theme ${theme}`);
      fakes.theme.set(theme);
    },
    backend: fakes.backend,
    storage: fakes.storage,
    online: fakes.online,
    offlineReady: fakes.offlineReady,
    updateReady: fakes.updateReady,
    applyUpdate: () => fakes.note("update"),
    installable: fakes.installable,
    install: async () => fakes.note("install"),
  };
}
