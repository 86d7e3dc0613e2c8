using System.Globalization;
using CortexMl.Diagnostics;

namespace CortexMl.Web;

/// <summary>What lies beside the page for people to read.</summary>
internal static class WebTexts
{
    public static string ReadMe(WebDescription page) => string.Create(CultureInfo.InvariantCulture, $"""
        {page.Name} in the browser
        {new string('=', page.Name.Length + 15)}

        index.html computes this network in the page itself, from integers alone: what it answers are the integers of
        cortexml run and of the chain, bit for bit. Nothing is sent anywhere, and nothing is loaded but the files of this
        folder.

        To open it, serve the folder; browsers run no module of a page that is opened as a file. Any server of files will
        do, and needs no special headers; here, for example:

            python3 -m http.server 8000

        then open localhost, port 8000.

        page.json    what goes in and comes out: shapes, scales, preparation, names of classes, the contract's function
        model.onnx   the network, {Counted.Of(page.Model.Bytes, "byte")}, operators on integers alone
        *.js         preparation, call data and the page; {page.Runtime.Folder}/ has ONNX Runtime

        PNG, PGM and PPM files become the integers of cortexml run exactly. Other formats are decoded by the browser, whose
        pixels may differ by a step; from the pixels on everything is exact, and 'Save the pixels' writes them for
        cortexml run.

        ONNX Runtime
        ------------

        {Copied(page.Runtime)}

        The files are Microsoft's, under the MIT license ({page.Runtime.Folder}/LICENSE.txt), and load from nowhere else.

        For programs
        ------------

        window.cortexml.network is the network once it is open: integersOf([sample]), run(integers), answer(results),
        callOf(integers); network.js and the modules beside it can be imported by other pages.

        """).ReplaceLineEndings("\n");

    private static string Copied(WebRuntimeFiles files) => files.Version is { } version
        ? $"""
        {files.Folder}/{files.Module} and {files.Folder}/{files.Wasm} are copies of dist/{WebRuntime.ModuleSource}
        and dist/{files.Wasm} of the npm package {WebRuntime.Package} {version}.
        """
        : $"""
        They are not here yet. Until they are the page says that it cannot work:

            npm install {WebRuntime.Package}
            cp node_modules/{WebRuntime.Package}/dist/{WebRuntime.ModuleSource} {files.Folder}/{files.Module}
            cp node_modules/{WebRuntime.Package}/dist/{files.Wasm} {files.Folder}/{files.Wasm}
        """;

    public static string RuntimeLicense { get; } = """
        MIT License

        Copyright (c) Microsoft Corporation

        Permission is hereby granted, free of charge, to any person obtaining a copy
        of this software and associated documentation files (the "Software"), to deal
        in the Software without restriction, including without limitation the rights
        to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
        copies of the Software, and to permit persons to whom the Software is
        furnished to do so, subject to the following conditions:

        The above copyright notice and this permission notice shall be included in all
        copies or substantial portions of the Software.

        THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
        IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
        FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
        AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
        LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
        OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
        SOFTWARE.

        """.ReplaceLineEndings("\n");
}
