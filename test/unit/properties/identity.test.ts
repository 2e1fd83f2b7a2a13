import { stories } from "../../support/fake/story";
import { Telling } from "../../support/fake/telling";
import { holds } from "../../support/holds";

test("whatever happens to two formations, each keeps its word", async () => {
  await holds(
    stories,
    async (story) => {
      const telling = new Telling(story);
      for (const event of story.events) await telling.tell(event);
      await telling.finish();
      if (telling.faults.length > 0) throw new Error([...telling.faults, ...telling.told].join("\n"));
    },
    1800,
    60,
  );
});
