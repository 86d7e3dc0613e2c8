using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Web;

/// <summary>Networks that take no image: their numbers are typed.</summary>
public sealed class WebNumberTests
{
    private const string TwoInputs = """
        graph @two(%a: f32[1, 3], %b: f32[1, 2, 2]) -> f32[1, 3], f32[1, 4] {
          @w: f32[3, 3] = random(5)
          %x = nn.dense(%a, @w) : f32[1, 3]
          %y = nn.flatten(%b) : f32[1, 4]
          %z = nn.relu(%y) : f32[1, 4]
          return %x, %z
        }

        """;

    [SkippableFact]
    public async Task Inputs_of_a_network_with_two_are_packed_as_the_command_packs_them()
    {
        using var folder = new TemporaryFolder();
        float[] a = [0.5f, -0.25f, 1, 0.1f, 0.2f, 0.3f], b = [1, -2, 0.75f, 3, 0.5f, 0.25f, -1, 2];
        using (var file = File.Create(folder["data.npz"]))
            NpzWriter.Write(file, [("a", Tensor.Create(Shape.Of(2, 3), a)), ("b", Tensor.Create(Shape.Of(2, 2, 2), b))]);
        string[] preparation = ["--scale", "0.5", "--mean", "0.1"];
        using var page = await ExportedPage.OpenAsync([folder.Write("two.cml", TwoInputs), "--data", folder["data.npz"], .. preparation]);
        Assert.False((bool)(await page.ValueAsync("document.getElementById('numbers').hidden"))!);
        await page.ValueAsync("""
            const fields = document.querySelectorAll('#numbers textarea');
            fields[0].value = '0.5, -0.25 1';
            fields[1].value = '[[1, -2], [0.75, 3]]';
            document.getElementById('runNumbers').click();
            """);
        await page.UntilAsync("!document.getElementById('answer').hidden");
        var run = CliRun.Of("run", page.Compiled, "--data", folder["data.npz"], "--limit", "1", "-o", folder["out.npz"], "--quiet");
        Assert.True(run.Exit == 0, run.Error);
        using var outputs = new NpzReader(folder["out.npz"]);
        string[] expected = [.. outputs.Keys.Select(key => string.Join(' ', ((Tensor<int>)outputs.Read(key)).Data))];
        var shown = await page.ValueAsync("[...document.querySelectorAll('#outputs pre')].map(list => list.textContent)");
        Assert.Equal(expected, shown!.AsArray().Select(list => (string)list!));
        var call = CliRun.Of("chain", "input", page.Compiled, "--data", folder["data.npz"], "--format", "calldata");
        Assert.Equal(call.Output, (string)(await page.ValueAsync("document.getElementById('call').value"))! + "\n");
        await page.ValueAsync("fields[0].value = '1 2'; document.getElementById('runNumbers').click();");
        Assert.Equal("a takes 3 numbers, 2 are given", await page.StateAsync());
        await page.Browser.KeepPictureAsync("web-numbers");
        Assert.Empty(page.Browser.Complaints);
    }

    [SkippableFact]
    public async Task A_text_of_24_words_gets_the_class_of_the_command()
    {
        string words = Repository.Path("golden", "models", "words");
        using var page = await ExportedPage.OpenAsync([Path.Combine(words, "words.onnx"), "--data", Path.Combine(words, "data.npy")]);
        var test = NpyReader.Read(Path.Combine(words, "test.npy"));
        double[] first = [.. Enumerable.Range(0, test.Length / test.Shape[0]).Select(test.GetDouble)];
        string text = string.Join(' ', first.Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        await page.ValueAsync(
            $"document.querySelector('#numbers textarea').value = '{text}'; document.getElementById('runNumbers').click()");
        await page.UntilAsync("!document.getElementById('answer').hidden");
        var run = CliRun.Of("run", page.Compiled, "--data", Path.Combine(words, "test.npy"), "--limit", "1", "--raw", "-o",
            page.Folder["out.npy"], "--quiet");
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal(string.Join(' ', ((Tensor<int>)NpyReader.Read(page.Folder["out.npy"])).Data),
            (string)(await page.ValueAsync("document.querySelector('#outputs pre').textContent"))!);
        Assert.Empty(page.Browser.Complaints);
    }
}
