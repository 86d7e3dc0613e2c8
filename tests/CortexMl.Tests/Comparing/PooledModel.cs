using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;

namespace CortexMl.Tests.Comparing;

/// <summary>Two convolutions, relus and max pools, with channels whose every element is below zero: what a missing relu changes.</summary>
internal sealed class PooledModel : IDisposable
{
    private const string Text = """
        graph @pooled(%data: f32[1, 1, 12, 12]) -> f32[1, 3] {
          @w1: f32[4, 1, 3, 3] = random(7)
          @b1: f32[4] = [0.25, -6, 0.5, -0.1]
          @w2: f32[4, 4, 3, 3] = random(8)
          @b2: f32[4] = [0.25, 0.5, 0.75, 0.1]
          @d: f32[3, 4] = random(11)
          %conv1 = nn.conv2d(%data, @w1, @b1) {kernel = [3, 3]}
          %relu1 = nn.relu(%conv1)
          %pool1 = nn.max_pool2d(%relu1) {kernel = [2, 2], strides = [2, 2]}
          %conv2 = nn.conv2d(%pool1, @w2, @b2) {kernel = [3, 3]}
          %relu2 = nn.relu(%conv2)
          %pool2 = nn.max_pool2d(%relu2) {kernel = [3, 3], strides = [3, 3]}
          %flat = nn.flatten(%pool2)
          %fc = nn.dense(%flat, @d)
          return %fc
        }

        """;

    private readonly TinyModel _tiny = new(Text);

    /// <summary>The tests themselves, which hold the wrong passes.</summary>
    public static string Plugin => typeof(WrongRelu).Assembly.Location;

    public TemporaryFolder Folder => _tiny.Folder;

    public string Model => _tiny.Model;

    public void Dispose() => _tiny.Dispose();
}
