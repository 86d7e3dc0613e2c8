using CortexMl.Tensors;
using CortexMl.Tests.Support;

namespace CortexMl.Tests.Cli;

/// <summary>A folder with a small float network, calibration data and labels.</summary>
internal sealed class TinyModel : IDisposable
{
    private const string Text = """
        graph @tiny(%data: f32[1, 1, 4, 4]) -> f32[1, 3] {
          @w: f32[2, 1, 3, 3] = random(7)
          @b: f32[2] = [0.25, -0.5]
          @d: f32[3, 8] = random(11)
          %conv = nn.conv2d(%data, @w, @b) {kernel = [3, 3]} : f32[1, 2, 2, 2]
          %relu = nn.relu(%conv) : f32[1, 2, 2, 2]
          %flat = nn.flatten(%relu) : f32[1, 8]
          %fc = nn.dense(%flat, @d) : f32[1, 3]
          return %fc
        }

        """;

    public TinyModel(string text = Text)
    {
        Model = Folder.Write("tiny.cml", text);
        var images = new byte[6 * 16];
        for (int i = 0; i < images.Length; i++) images[i] = (byte)(i * 37 % 256);
        Data = WriteNpy("data.npy", Tensor.Create(Shape.Of(6, 4, 4), images));
        Labels = Folder.Write("labels.txt", "0\n1\n2\n0\n1\n2\n");
    }

    public TemporaryFolder Folder { get; } = new();

    public string Model { get; }

    public string Data { get; }

    public string Labels { get; }

    public string Out => Folder["out"];

    public CliRun Compile(params string[] more) => CliRun.Of(["compile", Model, "-o", Out, "--data", Data, "--scale", "1/255", .. more]);

    public string WriteNpy(string name, Tensor tensor)
    {
        NpyWriter.Write(Folder[name], tensor);
        return Folder[name];
    }

    public void Dispose() => Folder.Dispose();
}
